package domain;

/** A breed that cannot be stored by value. */
public class Dachshund extends Dog {
  public void bay(int loudness, int duration) {}
}
