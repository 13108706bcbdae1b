package domain;

/** A name that cannot be stored by value. */
public record Identifier2(String name) {}
