/**
 * What the TCK's test of types stores. The artifact that brings these classes, {@code test-domain},
 * is not published; these have the methods that the test calls.
 */
package domain;
