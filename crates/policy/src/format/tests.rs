use super::*;

const BEFORE: &str = "## A {#a}\n\nProse  stays .\n\n```kept\n\n# about it\n[purpose.a]\ntitle=\"A = 'a'\"\nuses   =  [\n  \"x\", # why\n  \"y\",\n]\nbasis=\"consent\"\n[purpose.b]\ntitle = \"B\"\n\n\n[purpose.c]\n\"odd = key\" = '''\n a\n'''\n```\n";

#[test]
fn blocks_are_laid_out_and_prose_is_not() {
    let laid = format(BEFORE);
    assert_eq!(
        laid,
        "## A {#a}\n\nProse  stays .\n\n```kept\n# about it\n[purpose.a]\ntitle = \"A = 'a'\"\nuses  = [\n  \"x\", # why\n  \"y\",\n]\nbasis = \"consent\"\n\n[purpose.b]\ntitle = \"B\"\n\n[purpose.c]\n\"odd = key\" = '''\n a\n'''\n```\n"
    );
    assert_eq!(format(&laid), laid);
}

#[test]
fn what_is_no_toml_stays() {
    let text = "## A {#a}\n\n```kept\n[a\nb   =1\n```\n";
    assert_eq!(format(text), text);
}
