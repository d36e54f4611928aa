// No rule crashes on a statement outside of all types: the method that csc makes of it has a parameter that stands nowhere.
return 0;
