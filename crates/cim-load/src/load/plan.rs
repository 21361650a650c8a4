//! What is to be read, file by file, before anything is read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cim_model::{Collection, ExclusivePolicy};
use jiff::tz::TimeZone;

use super::loading_order;
use crate::check::TimeShift;
use crate::error::LoadError;
use crate::job::ReadJob;
use crate::options::{FileSource, LoadOptions};
use crate::pack::{FieldSource, Format, Mapping, Pack, Source, expand_files, resolve_variables};
use crate::report::{CollectionReport, LoadReport, Outcome, Request};

/// The files of one collection, in the order of the pack.
pub(super) struct PlannedCollection {
    pub(super) collection: Collection,
    pub(super) jobs: Vec<ReadJob>,
    /// Whether what is stored and not in these files is to be removed.
    pub(super) complete: bool,
}

/// A whole load.
pub(super) struct Plan {
    pub(super) city: String,
    pub(super) city_code: String,
    pub(super) shown: String,
    pub(super) synthetic: bool,
    pub(super) exclusive: Option<ExclusivePolicy>,
    pub(super) request: Request,
    pub(super) collections: Vec<PlannedCollection>,
}

/// Collections whose times are a history that can be moved.
const MOVED: [Collection; 3] = [Collection::Case, Collection::Inspection, Collection::Finding];

impl Plan {
    pub(super) fn of_pack(pack: Pack, folder: &Path, options: &LoadOptions) -> Result<Self, LoadError> {
        let mut planned: BTreeMap<usize, PlannedCollection> = BTreeMap::new();
        for source in &pack.sources {
            let shift = MOVED.contains(&source.collection).then_some(pack.timeline).flatten();
            let shift = shift.map(|timeline| TimeShift::new(timeline, options.now, &zone_of(source)));
            let written = resolve_variables(&source.file, &options.variables)?;
            let entry = planned.entry(loading_order(source.collection)).or_insert_with(|| {
                PlannedCollection { collection: source.collection, jobs: Vec::new(), complete: true }
            });
            entry.complete &= source.complete;
            for path in expand_files(folder, &written)? {
                let shown = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
                entry.jobs.push(job(path, shown, source, shift, options));
            }
        }
        Ok(Self {
            city_code: pack.division_code.clone().unwrap_or_else(|| pack.city.clone()),
            city: pack.city,
            shown: folder.display().to_string(),
            synthetic: pack.synthetic,
            exclusive: pack.exclusive,
            request: Request::Pack { folder: folder.to_path_buf() },
            collections: planned.into_values().collect(),
        })
    }

    pub(super) fn of_file(file: FileSource, options: &LoadOptions) -> Result<Self, LoadError> {
        let spec = file.collection.spec();
        let mut mapping = Mapping::default();
        let column_of =
            |name: &str| file.map.iter().find(|(_, to)| to == name).map(|(column, _)| column.clone());
        if let (Some(lon), Some(lat)) = (column_of("lon"), column_of("lat")) {
            mapping.fields.insert("geom".to_owned(), FieldSource::Point { lon, lat });
        }
        for (column, field) in file.map.iter().filter(|(_, field)| field != "lon" && field != "lat") {
            if spec.position(field).is_none() {
                let known: Vec<&str> = spec.fields.iter().map(|field| field.name).collect();
                return Err(LoadError::Usage(format!(
                    "{} has no field `{field}`; its fields: {}, and lon with lat for a point",
                    file.collection,
                    known.join(", ")
                )));
            }
            mapping.fields.insert(field.clone(), FieldSource::Column(column.clone()));
        }
        if let (Some(column), Some(field)) = (&file.key, spec.key.last()) {
            mapping.fields.insert((*field).to_owned(), FieldSource::Column(column.clone()));
        }
        let source = Source {
            collection: file.collection,
            file: file.file.display().to_string(),
            format: None,
            crs: file.crs,
            mapping,
            complete: false,
        };
        if !file.file.is_file() {
            return Err(LoadError::Usage(format!("{} is not a file", file.file.display())));
        }
        let stem = file.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let job = job(file.file.clone(), source.file.clone(), &source, None, options);
        Ok(Self {
            city: stem.clone(),
            city_code: stem,
            shown: source.file,
            synthetic: false,
            exclusive: None,
            collections: vec![PlannedCollection {
                collection: file.collection,
                jobs: vec![job],
                complete: false,
            }],
            request: Request::File(file),
        })
    }

    pub(super) fn empty_report(&self) -> LoadReport {
        LoadReport {
            outcome: Outcome::Refused,
            city: self.city.clone(),
            source: self.shown.clone(),
            request: self.request.clone(),
            synthetic: self.synthetic,
            xid: None,
            collections: Vec::new(),
            findings_by_rule: BTreeMap::new(),
            findings: Vec::new(),
            proposals: Vec::new(),
        }
    }

    #[expect(clippy::unused_self, reason = "reads as a step of the plan beside empty_report")]
    pub(super) fn empty_counts(&self, collection: Collection) -> CollectionReport {
        CollectionReport { collection: collection.name().to_owned(), ..CollectionReport::default() }
    }
}

fn zone_of(source: &Source) -> TimeZone {
    source.mapping.timezone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

fn job(
    path: PathBuf,
    shown: String,
    source: &Source,
    shift: Option<TimeShift>,
    options: &LoadOptions,
) -> ReadJob {
    ReadJob {
        format: source.format.unwrap_or_else(|| Format::guess(&path)),
        path,
        shown,
        collection: source.collection.name().to_owned(),
        crs: source.crs.map(|crs| crs.to_string()),
        mapping: source.mapping.clone(),
        shift,
        scratch: None,
        memory_mib: options.parse_memory_mib,
        cpu_s: options.parse_cpu_s,
    }
}
