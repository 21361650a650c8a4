//! Boundaries that were published for a later day take hold at 00:00 of that day in China.

use std::sync::Weak;
use std::time::Duration;

use cim_coverage::Topology;
use cim_store::{Publication, Revision};

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
    let today = china_today();
    let mut failure = None;
    for city_code in inner.store.boundary_cities().await.map_err(failed)? {
        let activated = async {
            if inner.store.has_due_revision(&city_code, today).await.map_err(failed)? {
                activate(inner, &city_code).await?;
            }
            Ok(())
        };
        // One city that cannot be activated holds no other back.
        failure = activated.await.err().or(failure);
    }
    failure.map_or(Ok(()), Err)
}

/// Shows the latest revision whose day has come.
async fn activate(inner: &Inner, city_code: &str) -> Result<(), CityError> {
    let _turn = inner.boundaries.publishing.acquire().await;
    let publication = inner.store.begin_publication(city_code).await.map_err(failed)?;
    let due = publication.due(china_today()).await.map_err(failed)?;
    let active = publication.active().await.map_err(failed)?;
    let Some((due, active)) = due.zip(active).filter(|(due, active)| due.rev > active.rev) else {
        return Ok(());
    };
    let after = inner.boundaries.heads.at(&inner.store, &due).await?;
    take_hold(inner, &publication, &active, due.rev, &after.topology).await?;
    publication.commit().await.map_err(failed)?;
    tracing::info!(city_code, rev = due.rev, day = %due.effective_from, "boundaries take hold");
    Ok(())
}

/// Shows a state from now on: what differs from the one that is shown, whatever was published in between.
pub(super) async fn take_hold(
    inner: &Inner,
    publication: &Publication,
    active: &Revision,
    rev: i32,
    after: &Topology,
) -> Result<(), CityError> {
    let before = inner.boundaries.heads.at(&inner.store, active).await?;
    let shown =
        tokio::task::block_in_place(|| shown(&before.topology, after, &before.topology.difference(after)));
    publication.activate(rev).await.map_err(failed)?;
    publication.show(&shown).await.map_err(failed)
}
