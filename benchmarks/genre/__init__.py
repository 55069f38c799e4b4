"""The grammar of the genre: invented plans (`plans`), drawn layouts (`tables`, `prose`), and the gold of each."""
