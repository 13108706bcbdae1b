/**
 * How often a store that evicts has what is asked for, beside other caches, in Caffeine's
 * simulator.
 */
package io.fkvs.bench.hitratio;
