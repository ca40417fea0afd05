//! The crates form one line, and what is kept out of the tree stays out.

use cargo_metadata::{DependencyKind, MetadataCommand};

const LINE: [&str; 6] = ["domain", "eventstore", "projections", "automation", "api", "tests"];

#[test]
fn each_crate_uses_only_those_before_it() {
    let metadata = MetadataCommand::new().manifest_path("../Cargo.toml").exec().unwrap();
    let place = |name: &str| LINE.iter().position(|crate_| *crate_ == name);
    let packages = metadata.workspace_packages();
    assert_eq!(packages.len(), LINE.len());
    for package in packages {
        let own = place(&package.name).expect("a crate has a place in the line");
        let normal = package.dependencies.iter().filter(|used| used.kind == DependencyKind::Normal);
        for used in normal.filter_map(|used| place(&used.name).map(|place| (place, &used.name))) {
            assert!(used.0 < own, "{} uses {}, which comes after it", package.name, used.1);
        }
    }
}

#[test]
fn heavy_c_libraries_stay_out_of_the_tree() {
    let metadata = MetadataCommand::new().manifest_path("../Cargo.toml").exec().unwrap();
    for package in metadata.packages {
        assert!(!["aws-lc-sys", "zstd-sys", "openssl-sys"].contains(&package.name.as_str()));
    }
}
