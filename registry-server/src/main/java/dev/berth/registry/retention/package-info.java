/** What goes by the rules of a Repository, and why: candidates, rules, plan. */
@NullMarked
package dev.berth.registry.retention;

import org.jspecify.annotations.NullMarked;
