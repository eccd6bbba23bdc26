/** Tokens of ServiceAccounts, and the keys by which others tell that they are real. */
@NullMarked
package dev.berth.embedded.token;

import org.jspecify.annotations.NullMarked;
