package domain;

import java.io.Serializable;

/** A name that can be stored by value. */
public record Identifier(String name) implements Serializable {}
