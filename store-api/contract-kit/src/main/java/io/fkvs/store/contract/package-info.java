/**
 * The contract kit: what a {@link io.fkvs.store.Store} is, as jqwik properties that anybody can
 * point at a table.
 *
 * <pre>{@code
 * class MyTableContractTest extends StoreContract {
 *   @Override
 *   public Store open(StoreConfig config) {
 *     return new MyTable(config);
 *   }
 * }
 * }</pre>
 *
 * <p>{@link io.fkvs.store.contract.StoreContract} is made of laws, a unit-sized property each, and
 * of random {@linkplain io.fkvs.store.contract.Script scripts} that are played against the table
 * and a plain {@linkplain io.fkvs.store.contract.Model model}. {@link
 * io.fkvs.store.contract.StoreEquivalence} plays scripts on two tables in lockstep. {@link
 * io.fkvs.store.contract.Depth} says how many tries and which seed.
 */
package io.fkvs.store.contract;
