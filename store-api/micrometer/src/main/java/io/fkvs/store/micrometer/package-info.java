/** Binds the figures of a store to Micrometer: {@link io.fkvs.store.micrometer.StoreMetrics}. */
package io.fkvs.store.micrometer;
