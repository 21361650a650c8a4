//! The person behind a case: written sealed, shown masked, revealed one case at a time with a row in the audit log.

use cim_access::sealing::KeyId;
use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use crate::pool::{PooledClient, Work};
use crate::{Store, StoreError, audit, query};

/// Writes, and reads nothing back but what is masked.
const INTAKE: &str = "cim_intake";
/// Reads the one case that was named.
const REVEAL: &str = "cim_reveal";

/// What of a person, or of the texts of a case, is kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonField {
    /// Who called.
    Name,
    /// Their telephone number.
    Phone,
    /// Where they live.
    Address,
    /// The title of the case before it was masked.
    Title,
    /// The text of the case before it was masked.
    Content,
    /// The caller's words about the place before they were masked.
    RawLocation,
}

impl PersonField {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Phone, Self::Address, Self::Title, Self::Content, Self::RawLocation];

    /// What callers say, which may name them: also fields of a case, in which it is masked.
    pub const TEXTS: [Self; 3] = [Self::Title, Self::Content, Self::RawLocation];

    /// Its name in the table; of a text also the field of the case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Title => "title",
            Self::Content => "content",
            Self::RawLocation => "raw_location",
        }
    }

    fn of(name: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|field| field.name() == name);
        found.ok_or_else(|| StoreError::UnknownWord { column: "field", word: name.to_owned() })
    }
}

/// A field that its source gives: a value in the place of the one there was, or none any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenField {
    /// Which.
    pub field: PersonField,
    /// The value; `None` removes what is there.
    pub value: Option<SealedValue>,
}

/// A sealed value and what may be known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedValue {
    /// The bytes.
    pub sealed: Vec<u8>,
    /// What everybody may see; none of texts, which stand masked in the case.
    pub masked: Option<String>,
    /// Of a telephone number: its digest.
    pub digest: Option<[u8; 32]>,
    /// Names the key.
    pub key_id: KeyId,
}

/// A field as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredField {
    /// Which.
    pub field: PersonField,
    /// The bytes.
    pub sealed: Vec<u8>,
}

/// Who asks for personal data, and what the audit log is told.
#[derive(Debug, Clone, Copy)]
pub struct Disclosure<'a> {
    /// Who.
    pub actor: &'a str,
    /// The action.
    pub action: &'static str,
    /// Of what.
    pub subject: &'a str,
    /// Why, as JSON. Never a value of personal data.
    pub detail: &'a serde_json::Value,
}

impl Store {
    /// What everybody who sees a case may see of the person behind it.
    pub async fn masked_person(&self, case_id: i64) -> Result<Vec<(PersonField, String)>, StoreError> {
        let client = self.client().await?;
        client.begin().await?;
        go_on_as(&client, INTAKE, None).await?;
        let rows = query::PERSON_MASKED.rows(&client, &[(&case_id, Type::INT8)]).await?;
        client.commit().await?;
        rows.iter().map(|row| Ok((PersonField::of(row.get("field"))?, row.get("masked")))).collect()
    }

    /// The sealed fields of one case. The audit log is told first, in the same transaction: no row, no answer.
    pub async fn disclose_person(
        &self,
        case_id: i64,
        why: Disclosure<'_>,
    ) -> Result<Vec<StoredField>, StoreError> {
        let client = self.client().await?;
        client.begin().await?;
        audit::append(&client, why.actor, why.action, why.subject, why.detail).await?;
        go_on_as(&client, REVEAL, Some(case_id)).await?;
        let rows = query::PERSON_SEALED.rows(&client, &[(&case_id, Type::INT8)]).await?;
        client.commit().await?;
        let field = |row: &tokio_postgres::Row| {
            Ok(StoredField { field: PersonField::of(row.get("field"))?, sealed: row.get("sealed") })
        };
        rows.iter().map(field).collect()
    }

    /// The latest cases whose caller has a telephone number with this digest; the audit log is told in the same transaction.
    pub async fn cases_of_phone(
        &self,
        digest: &[u8; 32],
        most: i64,
        why: Disclosure<'_>,
    ) -> Result<Vec<i64>, StoreError> {
        let client = self.client().await?;
        client.begin().await?;
        audit::append(&client, why.actor, why.action, why.subject, why.detail).await?;
        go_on_as(&client, INTAKE, None).await?;
        let given: [(&(dyn ToSql + Sync), Type); 2] =
            [(&digest.as_slice(), Type::BYTEA), (&most, Type::INT8)];
        let rows = query::PERSON_CASES_OF_PHONE.rows(&client, &given).await?;
        client.commit().await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Forgets the people behind cases that were closed before a moment, and says behind how many; the audit log is told.
    pub async fn forget_people(&self, closed_before: Timestamp) -> Result<i64, StoreError> {
        let client = self.client_for(Work::Writes).await?;
        client.begin().await?;
        go_on_as(&client, INTAKE, None).await?;
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&closed_before, Type::TIMESTAMPTZ)];
        let cases: i64 = query::PERSON_FORGET.row(&client, &given).await?.get("cases");
        if cases > 0 {
            let detail = serde_json::json!({"closed_before": closed_before.to_string(), "cases": cases});
            audit::append(&client, "cim", "forget_people", "cases", &detail).await?;
        }
        client.commit().await?;
        Ok(cases)
    }

    /// How many fields were sealed under another key than this.
    pub async fn fields_of_other_keys(&self, key_id: KeyId) -> Result<i64, StoreError> {
        let client = self.client().await?;
        client.begin().await?;
        go_on_as(&client, INTAKE, None).await?;
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&key_id.as_bytes().as_slice(), Type::BYTEA)];
        let fields = query::PERSON_OTHER_KEYS.row(&client, &given).await?.get("fields");
        client.commit().await?;
        Ok(fields)
    }
}

/// Writes the fields of some cases in a transaction that was begun; all that is left to do in it is to commit.
pub(crate) async fn write(client: &PooledClient, given: &[(i64, &GivenField)]) -> Result<(), StoreError> {
    if given.is_empty() {
        return Ok(());
    }
    go_on_as(client, INTAKE, None).await?;
    let cases: Vec<i64> = given.iter().map(|(case, _)| *case).collect();
    let fields: Vec<&str> = given.iter().map(|(_, given)| given.field.name()).collect();
    query::PERSON_REMOVE.execute(client, &[(&cases, Type::INT8_ARRAY), (&fields, Type::TEXT_ARRAY)]).await?;
    let values = given.iter().filter_map(|(case, given)| Some((*case, given.field, given.value.as_ref()?)));
    let values: Vec<(i64, PersonField, &SealedValue)> = values.collect();
    let cases: Vec<i64> = values.iter().map(|(case, ..)| *case).collect();
    let fields: Vec<&str> = values.iter().map(|(_, field, _)| field.name()).collect();
    let sealed: Vec<&[u8]> = values.iter().map(|(.., value)| value.sealed.as_slice()).collect();
    let masked: Vec<Option<&str>> = values.iter().map(|(.., value)| value.masked.as_deref()).collect();
    let digests: Vec<Option<&[u8]>> =
        values.iter().map(|(.., value)| value.digest.as_ref().map(<[u8; 32]>::as_slice)).collect();
    let keys: Vec<&[u8]> = values.iter().map(|(.., value)| value.key_id.as_bytes().as_slice()).collect();
    let parameters: [(&(dyn ToSql + Sync), Type); 6] = [
        (&cases, Type::INT8_ARRAY),
        (&fields, Type::TEXT_ARRAY),
        (&sealed, Type::BYTEA_ARRAY),
        (&masked, Type::TEXT_ARRAY),
        (&digests, Type::BYTEA_ARRAY),
        (&keys, Type::BYTEA_ARRAY),
    ];
    query::PERSON_ADD.execute(client, &parameters).await.map(drop)
}

/// Goes on under another role until the transaction ends, with one case in sight.
async fn go_on_as(client: &PooledClient, role: &str, case_id: Option<i64>) -> Result<(), StoreError> {
    let case = case_id.map(|id| id.to_string()).unwrap_or_default();
    let given: [(&(dyn ToSql + Sync), Type); 2] = [(&role, Type::TEXT), (&case, Type::TEXT)];
    query::PERSON_TAKE_ROLE.rows(client, &given).await.map(drop)
}
