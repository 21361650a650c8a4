//! Inspections, findings, cameras and the fields of cases: given one by one, looked at, changed, listed.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_model::{Collection, Record, Value};
use cim_store::{GivenRow, Outcome, Patched, StoredRow};
use geo_types::Geometry;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::given_row::{given_fields, given_row};
use super::store_error::failed;
use super::ties::TieAnswer;
use crate::linkage::json_of;
use crate::seen::sees_all;
use crate::{City, CityError, refusal};

/// The collections whose rows sources give.
pub const GIVEN_KINDS: &[Collection] =
    &[Collection::Case, Collection::Inspection, Collection::Finding, Collection::Camera];

/// A thing as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThingAnswer {
    /// Its collection's name.
    pub kind: &'static str,
    /// Its business key.
    pub id: String,
    /// All further fields by their names.
    #[serde(flatten)]
    pub fields: Map<String, Json>,
    /// Longitude.
    pub lon: Option<f64>,
    /// Latitude.
    pub lat: Option<f64>,
    /// Where it belongs; none for inspections, which name their unit themselves.
    pub ties: Option<TieAnswer>,
    /// Its version, for `If-Match`.
    #[serde(skip)]
    pub version: u32,
}

/// What a write did.
#[derive(Debug, Clone, PartialEq)]
pub struct ThingWritten {
    /// The thing as it is now.
    pub thing: ThingAnswer,
    /// It did not exist before.
    pub created: bool,
    /// The transaction; none when nothing had to be written.
    pub xid: Option<u64>,
    /// A snapshot that sees it, where nothing had to be written.
    pub snapshot: Option<String>,
}

/// What a write did, with the row as it is stored.
pub(super) struct RowWritten {
    pub(super) row: StoredRow,
    pub(super) created: bool,
    pub(super) xid: Option<u64>,
    pub(super) snapshot: Option<String>,
}

/// Some things in the order in which they came in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThingPage {
    /// The things; their ties are told with each alone.
    pub items: Vec<ThingAnswer>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

impl City {
    /// Takes in a thing from its source; the same one twice is one.
    pub async fn write_thing(
        &self,
        scope: &Scope,
        collection: Collection,
        object: &Map<String, Json>,
    ) -> Result<ThingWritten, CityError> {
        let RowWritten { row, created, xid, snapshot } = self.write_row(scope, collection, object).await?;
        Ok(ThingWritten { thing: self.with_tie(collection, row).await?, created, xid, snapshot })
    }

    /// Writes one row as its source gives it, and reads it as it is then.
    pub(super) async fn write_row(
        &self,
        scope: &Scope,
        collection: Collection,
        object: &Map<String, Json>,
    ) -> Result<RowWritten, CityError> {
        let mut object = object.clone();
        let person = self.take_personal(collection, &mut object).map_err(CityError::Refused)?;
        let mut given = given_row(collection, &object).map_err(CityError::Refused)?;
        given.person = person;
        self.place_by_words(collection, &mut given);
        self.refuse_hidden(scope, collection, std::slice::from_ref(&given)).await?;
        let written = self.inner.store.write_given(collection, &[given]).await.map_err(failed)?;
        let (outcome, id) = written.outcomes.first().copied().unwrap_or((Outcome::Unchanged, 0));
        let row = self.inner.store.read_row(collection, id).await.map_err(failed)?;
        Ok(RowWritten {
            row: row.ok_or_else(|| not_found(collection, &id.to_string()))?,
            created: outcome == Outcome::Created,
            snapshot: written.xid.is_none().then(|| written.snapshot.to_string()),
            xid: written.xid.map(|xid| xid.0),
        })
    }

    /// A key is no way to write over what a scope does not show.
    pub(super) async fn refuse_hidden(
        &self,
        scope: &Scope,
        collection: Collection,
        rows: &[GivenRow],
    ) -> Result<(), CityError> {
        if sees_all(scope, collection) {
            return Ok(());
        }
        for row in self.inner.store.stored_like(collection, rows).await.map_err(failed)? {
            if !self.sees(scope, collection, &row.record)? {
                let key = collection.spec().key.iter().map(|name| text_of(collection, &row.record, name));
                let key = key.flatten().collect::<Vec<_>>().join(" ");
                let message = "the account does not see the thing that has this key, so it cannot change it";
                return Err(CityError::Refused(vec![refusal("key", &key, message)]));
            }
        }
        Ok(())
    }

    /// One thing, from the database.
    pub async fn get_thing(
        &self,
        scope: &Scope,
        collection: Collection,
        id: &str,
    ) -> Result<ThingAnswer, CityError> {
        self.with_tie(collection, self.find_thing(scope, collection, id).await?).await
    }

    /// The row that a scope shows under a key.
    pub(crate) async fn find_thing(
        &self,
        scope: &Scope,
        collection: Collection,
        id: &str,
    ) -> Result<StoredRow, CityError> {
        let found = self.inner.store.find_by_key(collection, id).await.map_err(failed)?;
        let found = found.ok_or_else(|| not_found(collection, id))?;
        if self.sees(scope, collection, &found.record)? { Ok(found) } else { Err(not_found(collection, id)) }
    }

    /// Changes fields of a thing that is still the version the caller saw.
    pub async fn patch_thing(
        &self,
        scope: &Scope,
        collection: Collection,
        id: &str,
        version: u32,
        object: &Map<String, Json>,
    ) -> Result<ThingWritten, CityError> {
        let mut object = object.clone();
        let found = self.find_thing(scope, collection, id).await?;
        let person = match collection {
            Collection::Case => self.take_personal_of(&found.record, &mut object),
            _ => Ok(Vec::new()),
        };
        let person = person.map_err(CityError::Refused)?;
        let fields = given_fields(collection, &object).map_err(CityError::Refused)?;
        let patched =
            self.inner.store.patch(collection, id, version, &fields, &person).await.map_err(failed)?;
        let xid = match patched {
            Patched::Written(xid) => xid.0,
            Patched::Differs => {
                return Err(CityError::Stale { what: collection.name(), name: id.to_owned() });
            }
            Patched::NoSuchRow => return Err(not_found(collection, id)),
        };
        let thing = self.get_thing(scope, collection, id).await?;
        Ok(ThingWritten { thing, created: false, xid: Some(xid), snapshot: None })
    }

    /// A page of things, from where a page before ended.
    pub async fn list_things(
        &self,
        scope: &Scope,
        collection: Collection,
        after: Option<i64>,
        limit: usize,
    ) -> Result<ThingPage, CityError> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = self.inner.store.page(collection, after.unwrap_or(0), most).await.map_err(failed)?;
        let next = found.last().filter(|_| found.len() == limit).map(|last| last.id.to_string());
        let mut items = Vec::with_capacity(found.len());
        for row in found {
            if self.sees(scope, collection, &row.record)? {
                items.push(thing(collection, row));
            }
        }
        Ok(ThingPage { items, next })
    }

    async fn with_tie(&self, collection: Collection, row: StoredRow) -> Result<ThingAnswer, CityError> {
        let ties = self.tie_of(collection, row.id).await?;
        Ok(ThingAnswer { ties, ..thing(collection, row) })
    }
}

pub(super) fn not_found(collection: Collection, id: &str) -> CityError {
    CityError::NotFound { what: collection.name(), name: id.to_owned() }
}

fn thing(collection: Collection, row: StoredRow) -> ThingAnswer {
    let StoredRow { xmin, record, .. } = row;
    let at = point_of(collection, &record);
    let id_field = collection.id_field();
    let fields = collection.spec().fields.iter().zip(&record.values);
    let shown = fields.filter(|(field, _)| !["geom", id_field].contains(&field.name));
    ThingAnswer {
        kind: collection.name(),
        id: text_of(collection, &record, id_field).unwrap_or_default(),
        fields: shown.filter_map(|(field, value)| Some((field.name.to_owned(), json_of(value)?))).collect(),
        lon: at.map(|at| at.lon),
        lat: at.map(|at| at.lat),
        ties: None,
        version: xmin,
    }
}

pub(crate) fn text_of(collection: Collection, record: &Record, name: &str) -> Option<String> {
    match record.values.get(collection.spec().position(name)?)? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

pub(crate) fn point_of(collection: Collection, record: &Record) -> Option<LonLat> {
    match record.values.get(collection.spec().position("geom")?)? {
        Value::Geometry(Geometry::Point(point)) => LonLat::new(point.x(), point.y()).ok(),
        _ => None,
    }
}
