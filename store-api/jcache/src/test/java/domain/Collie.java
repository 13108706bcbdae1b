package domain;

import java.io.Serializable;

/** A breed that can be stored by value. */
public class Collie extends Dog implements Serializable {
  private static final long serialVersionUID = 1L;

  public void herd() {}
}
