package domain;

/** A breed that can be stored by value. */
public class Beagle extends Hound {
  private static final long serialVersionUID = 1L;
}
