const spelled = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  þ: 'th',
  ı: 'i',
};

// As alternatives: side by side in one class they would read as one character with its marks.
const accents =
  /[\u0300-\u036f]|[\u0591-\u05c7]|[\u064b-\u065f]|\u0670|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/g;

// The form in which names are searched, as the server makes it: without case, accents, invisible characters and double blanks.
// Not by the rules of the browser's language: in Turkish the small letter of I is another one.
export function plain(text) {
  return text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKD')
    .replace(accents, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/[ßæœøđðłħŧþı]/g, (letter) => spelled[letter])
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}
