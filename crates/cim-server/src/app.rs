//! What every handler can reach: the city, the counters and the limits.

use std::sync::Arc;

use axum::extract::FromRef;
use cim_city::{City, CityError};
use tokio::sync::Semaphore;

use crate::front::Front;
use crate::limits::Limits;
use crate::oidc::{Provider, TransitSeal};
use crate::problem::ApiError;
use crate::request_log::RequestWatch;

/// Batches worked on at once; more would take the cores from the map.
const BATCHES_AT_ONCE: usize = 4;

/// The state of the server; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) city: City,
    pub(crate) watch: RequestWatch,
    pub(crate) batches: Arc<Semaphore>,
    pub(crate) front: Arc<Front>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) elsewhere: Option<Arc<SignInElsewhere>>,
}

/// The district's own sign-in.
pub(crate) struct SignInElsewhere {
    pub(crate) provider: Arc<Provider>,
    pub(crate) seal: TransitSeal,
}

impl App {
    pub(crate) fn new(city: City, front: Front) -> Self {
        Self {
            city,
            watch: RequestWatch::default(),
            batches: Arc::new(Semaphore::new(BATCHES_AT_ONCE)),
            limits: Arc::new(Limits::new(front.requests_per_second)),
            elsewhere: front.oidc.clone().and_then(|options| {
                let seal = TransitSeal::generate()?;
                Some(Arc::new(SignInElsewhere { provider: Arc::new(Provider::new(options)), seal }))
            }),
            front: Arc::new(front),
        }
    }
}

impl App {
    /// Runs a question that may take long where it does not hold up the runtime's own threads, a few at a time.
    pub(crate) async fn work_out<T: Send + 'static>(
        &self,
        question: impl FnOnce(&City) -> Result<T, CityError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit = Arc::clone(&self.batches).acquire_owned().await.map_err(|_closed| ApiError::TooBusy)?;
        let city = self.city.clone();
        let worked = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            question(&city)
        });
        Ok(worked.await.map_err(|gone| ApiError::Panicked { message: gone.to_string() })??)
    }
}

impl FromRef<App> for City {
    fn from_ref(app: &App) -> Self {
        app.city.clone()
    }
}
