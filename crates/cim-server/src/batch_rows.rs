//! The rows of a batch in the order of its points, those that are no points included.

use std::cell::RefCell;
use std::collections::VecDeque;

use cim_access::Scope;
use cim_city::{City, ResponsibilityQuery, ResponsibilityRow};

use crate::batch::Started;
use crate::language::Words;

/// Why a batch ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BatchCutOff {
    /// The text is no CSV any more, or stopped arriving.
    #[error("the rows could not be read")]
    Unreadable(#[source] csv::Error),
    /// The CSV answer could not be sent on.
    #[error("the rows could not be sent")]
    Unsent(#[source] csv::Error),
    /// The JSON answer could not be sent on.
    #[error("the answer could not be sent")]
    Gone(#[from] std::io::Error),
}

/// One row of the question: what goes back with the answer, and the point or why it is none.
pub(crate) struct PointRow<C> {
    pub(crate) carried: C,
    pub(crate) query: Result<ResponsibilityQuery, Words>,
}

/// Answers all points from one version of the city. `write` gets every row in order and says whether to go on.
/// False when the city could not begin; `started` then has the reason.
pub(crate) fn answer_all<C>(
    city: &City,
    scope: &Scope,
    points: impl Iterator<Item = PointRow<C>>,
    started: Started,
    mut write: impl FnMut(C, Result<ResponsibilityRow, Words>) -> bool,
) -> bool {
    // The city takes points only: what belongs to them, and the rows that are none, wait here for their turn.
    let waiting = RefCell::new(VecDeque::new());
    let queries = points.filter_map(|row| {
        let (query, refused) = match row.query {
            Ok(query) => (Some(query), None),
            Err(words) => (None, Some(words)),
        };
        waiting.borrow_mut().push_back((row.carried, refused));
        query
    });
    let mut answers = match city.responsibility_batch(scope, queries) {
        Ok(answers) => answers,
        Err(error) => {
            started.no(error.into());
            return false;
        }
    };
    started.yes(answers.snapshot());
    loop {
        let mut answer = answers.next();
        let ended = answer.is_none();
        for (carried, refused) in waiting.take() {
            let row = match refused {
                Some(words) => Err(words),
                None => Ok(answer.take().expect("the city answers every point it takes, one by one")),
            };
            if !write(carried, row) {
                return true;
            }
        }
        if ended {
            return true;
        }
    }
}
