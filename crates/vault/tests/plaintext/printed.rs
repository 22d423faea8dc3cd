use vault::Plain;

fn main() {
    let value = Plain::from("ada@example.org");
    println!("{value}");
}
