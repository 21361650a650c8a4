-- A reader of everything must not be filtered without a word: with this off, a row policy is an error.
set row_security = off
