package dev.berth.quickstart.node;

import java.util.HashMap;
import java.util.Map;

/** Gives out the addresses of a loopback /16, one an owner. */
final class LoopbackRange {

  private static final int SIZE = 65_534;

  private final String prefix;
  private final Map<String, String> ownerByAddress = new HashMap<>();
  private final Map<String, String> addressByOwner = new HashMap<>();
  private int last;

  LoopbackRange(String prefix) {
    this.prefix = prefix;
  }

  boolean contains(String address) {
    return address.startsWith(prefix + ".");
  }

  /**
   * Gives the owner the wanted address if it is of this range and free, else the one it has, else
   * the next free one.
   */
  synchronized String take(String owner, String wanted) {
    String held = addressByOwner.get(owner);
    if (held != null) {
      return held;
    }
    if (contains(wanted) && !ownerByAddress.containsKey(wanted)) {
      return assign(owner, wanted);
    }
    for (int i = 0; i < SIZE; i++) {
      last = last % SIZE + 1;
      String address = prefix + "." + (last >> 8) + "." + (last & 255);
      if (!ownerByAddress.containsKey(address)) {
        return assign(owner, address);
      }
    }
    throw new IllegalStateException("every address of " + prefix + ".0.0/16 is in use");
  }

  synchronized void release(String owner) {
    String address = addressByOwner.remove(owner);
    if (address != null) {
      ownerByAddress.remove(address);
    }
  }

  private String assign(String owner, String address) {
    ownerByAddress.put(address, owner);
    addressByOwner.put(owner, address);
    return address;
  }
}
