package domain;

import java.io.Serializable;

/** A breed that can be stored by value. */
public class Hound extends Dog implements Serializable {
  private static final long serialVersionUID = 1L;

  public void bay(int loudness, int duration) {}
}
