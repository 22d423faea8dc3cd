//! Folders for the tests; those of other crates take this file too.

use std::path::Path;

use policy::Folder;

/// Every file below a folder, by its name from there.
pub(crate) fn folder(root: &Path) -> Folder {
    let mut folder = Folder::default();
    add(root, root, &mut folder);
    folder
}

fn add(root: &Path, at: &Path, folder: &mut Folder) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(root, &path, folder);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            folder.files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The policy that ships with the product.
pub(crate) fn starter() -> Folder {
    let mut folder = folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy"));
    folder.files.retain(|name, _| Folder::reads(name));
    folder
}
