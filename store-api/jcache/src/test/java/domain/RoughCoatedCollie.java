package domain;

/** A breed that can be stored by value. */
public class RoughCoatedCollie extends Collie {
  private static final long serialVersionUID = 1L;
}
