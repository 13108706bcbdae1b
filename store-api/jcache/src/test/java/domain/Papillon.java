package domain;

import java.io.Serializable;

/** A breed that can be stored by value. */
public class Papillon extends Dog implements Serializable {
  private static final long serialVersionUID = 1L;
}
