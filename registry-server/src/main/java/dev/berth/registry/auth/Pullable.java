package dev.berth.registry.auth;

import java.util.Optional;

/** The repositories that one caller may pull from, by the policy of one moment. */
public interface Pullable {

  boolean includes(String repository);

  /**
   * Where to look on behind a name, included or not. What lies between is not included, so that a
   * caller who may see few of many repositories costs few look-ups.
   *
   * @return empty where no name that follows is included
   */
  Optional<Start> after(String repository);

  /**
   * A place in the ascending order of names.
   *
   * @param itself whether the name is the first one to look at, or the one that follows it
   */
  record Start(String name, boolean itself) {}
}
