//! From what a pack writes as `file` to the files that are there: variables, folders, `*`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::LoadError;

/// Replaces `${NAME}` by the folder of that name.
pub(crate) fn resolve_variables(file: &str, variables: &[(String, PathBuf)]) -> Result<String, LoadError> {
    let mut resolved = String::with_capacity(file.len());
    let mut rest = file;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) =
            after.split_once('}').ok_or_else(|| LoadError::Usage(format!("`{file}`: `${{` without `}}`")))?;
        let folder = variables.iter().find(|(known, _)| known == name).ok_or_else(|| {
            LoadError::Usage(format!(
                "`{file}`: {name} is not set: set it to the folder that holds the files"
            ))
        })?;
        resolved.push_str(before);
        resolved.push_str(&folder.1.to_string_lossy());
        rest = after;
    }
    resolved.push_str(rest);
    Ok(resolved)
}

/// The files that a name stands for, in order of name. `*` stands for any part of a file name, not of a folder's.
pub(crate) fn expand_files(folder: &Path, file: &str) -> Result<Vec<PathBuf>, LoadError> {
    let path = folder.join(file);
    let pattern = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !pattern.contains('*') {
        let metadata =
            fs::metadata(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
        if !metadata.is_file() {
            return Err(LoadError::Usage(format!("{} is not a file", path.display())));
        }
        return Ok(vec![path]);
    }
    let parent = path.parent().unwrap_or(folder);
    let unreadable = |source| LoadError::Read { path: parent.to_path_buf(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(parent).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if matches_pattern(&name, &pattern) && entry.path().is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(LoadError::Usage(format!("no file is named like {}", path.display())));
    }
    Ok(found)
}

fn matches_pattern(name: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        if index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (name, pattern, expected) in [
            ("a_2013.pbf", "a_*.pbf", true),
            ("a_2013.pbf", "*", true),
            ("b_2013.pbf", "a_*.pbf", false),
            ("a_2013.pbf.bak", "a_*.pbf", false),
            ("a-b-c.csv", "a*b*.csv", true),
        ] {
            assert_eq!(matches_pattern(name, pattern), expected, "{name} {pattern}");
        }
    }

    #[test]
    fn a_variable_stands_for_its_folder_and_an_unset_one_is_named() {
        let variables = [("DATA".to_owned(), PathBuf::from("/srv/data"))];
        assert_eq!(resolve_variables("${DATA}/a.csv", &variables).unwrap(), "/srv/data/a.csv");
        let error = resolve_variables("${OTHER}/a.csv", &variables).unwrap_err();
        assert!(error.to_string().contains("OTHER is not set"), "{error}");
    }
}
