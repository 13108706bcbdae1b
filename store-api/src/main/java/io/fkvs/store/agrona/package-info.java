/**
 * An optional adapter for programs that already speak {@link org.agrona.DirectBuffer}, as those
 * with Aeron or SBE do: keys and values pass between a buffer and a store without a copy in
 * between.
 *
 * <p>Nothing else here needs Agrona, and whoever does not use this package does not notice that it
 * exists. Agrona is not brought along: a program that uses this package has it already, and gives
 * the JVM the flag that Agrona's own buffers need.
 *
 * <p>Thread rule: that of the store.
 */
package io.fkvs.store.agrona;
