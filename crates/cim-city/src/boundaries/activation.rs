//! Boundaries that were published for a later day take hold at 00:00 of that day in China.

use std::sync::Weak;
use std::time::Duration;

use cim_store::Revision;

use super::shown::shown;
use crate::CityError;
use crate::city::Inner;
use crate::responsible::china_today;
use crate::work::failed;

/// How often is looked whether a day has come.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Activates what is due as long as the city lives. Of several servers one does it; the others find nothing due.
pub(crate) async fn keep_activating(city: Weak<Inner>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(inner) = city.upgrade() else { return };
        if let Err(error) = activate_due(&inner).await {
            tracing::warn!(%error, "boundaries whose day has come could not be activated yet");
        }
    }
}

async fn activate_due(inner: &Inner) -> Result<(), CityError> {
    for city_code in inner.store.boundary_cities().await.map_err(failed)? {
        let head = inner.store.head_revision(&city_code).await.map_err(failed)?;
        if head.is_none_or(|head| head.activated_at.is_some()) {
            continue;
        }
        while let Some(revision) = activate_one(inner, &city_code).await? {
            tracing::info!(city_code, rev = revision.rev, day = %revision.effective_from, "boundaries take hold");
        }
    }
    Ok(())
}

/// Shows the earliest revision whose day has come.
async fn activate_one(inner: &Inner, city_code: &str) -> Result<Option<Revision>, CityError> {
    let publication = inner.store.begin_publication(city_code).await.map_err(failed)?;
    let due = publication.due(china_today()).await.map_err(failed)?;
    let active = publication.active().await.map_err(failed)?;
    let Some((due, active)) = due.zip(active) else { return Ok(None) };
    let heads = &inner.boundaries.heads;
    let before = heads.at(&inner.store, &active).await?;
    let after = heads.at(&inner.store, &due).await?;
    let delta = before.topology.difference(&after.topology);
    publication.activate(due.rev).await.map_err(failed)?;
    publication.show(&shown(&before.topology, &after.topology, &delta)).await.map_err(failed)?;
    publication.commit().await.map_err(failed)?;
    Ok(Some(due))
}
