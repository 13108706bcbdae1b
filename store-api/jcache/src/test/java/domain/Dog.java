package domain;

/** A dog; whether it can be stored by value is up to its breed. */
public abstract class Dog {
  private Identifier name;
  private String color;
  private Sex sex;
  private int weight;
  private long length;
  private long height;
  private boolean isNeutered;

  public Identifier getName() {
    return name;
  }

  public Dog name(Identifier newName) {
    name = newName;
    return this;
  }

  public Dog color(String newColor) {
    color = newColor;
    return this;
  }

  public Dog sex(Sex newSex) {
    sex = newSex;
    return this;
  }

  public Dog weight(int newWeight) {
    weight = newWeight;
    return this;
  }

  public Dog length(long newLength) {
    length = newLength;
    return this;
  }

  public Dog height(long newHeight) {
    height = newHeight;
    return this;
  }

  public Dog neutered(boolean neutered) {
    isNeutered = neutered;
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other != null && getClass() == other.getClass() && toString().equals(other.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return name
        + " "
        + color
        + " "
        + sex
        + " "
        + weight
        + " "
        + length
        + " "
        + height
        + " "
        + isNeutered;
  }
}
