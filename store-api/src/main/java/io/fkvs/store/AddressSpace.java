package io.fkvs.store;

import java.lang.foreign.MemorySegment;

/**
 * The one segment that spans all memory, for tables that know their bytes by address.
 *
 * <p>Views read such bytes through it. It is a constant, so the compiler has nothing to look up and
 * little to check, whereas to read through a segment in a field of the view cost a third of a
 * look-up. Only a module with native access can make the segment. So a table that has it
 * {@linkplain AbstractStore#offerAddressSpace offers} it, before it shows anything by address, and
 * this class is initialized by the first view that reads by address.
 */
final class AddressSpace {
  static final MemorySegment ALL = AbstractStore.offeredAddressSpace();

  /** Tells the compiler that an address is not negative. */
  static final long MASK = Long.MAX_VALUE >>> 1;

  private AddressSpace() {}
}
