/** Logins as registries read them, for the programs that make one. */
@NullMarked
package dev.berth.htpasswd;

import org.jspecify.annotations.NullMarked;
