package domain;

/** A dog is one or the other. */
public enum Sex {
  MALE,
  FEMALE
}
