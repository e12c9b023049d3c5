/**
 * Stand-in IdPs and a stand-in Portkey, both with faults, for trying and testing the bridge without a tenant.
 *
 * <h2>The stand-in Portkey</h2>
 * {@link io.identitybridge.lab.StandInPortkey} is a whole control plane in memory: Admin API and SCIM over one state. {@code new StandInPortkey(0, "/v1")} listens on a free port;
 * its key and token are {@code ADMIN_KEY} and {@code SCIM_TOKEN}.
 * <ul>
 * <li>{@code byHand()} does what people do in Portkey's own app: accept, expire or cancel an invite, log in, join, delete a workspace, grow an organisation of 800 people.
 * <li>{@code state()} is a copy of all it holds, asked in e-mails and workspace names: {@code memberships()}, {@code keys("ada@acme.com")}, {@code pending(..)}.
 * <li>{@code log()} has each write in the order of its effect, with sentences of what it did: {@code deeds("ada@acme.com")} ends with what is there now.
 * <li>{@code faults()}, and {@code PUT /lab/faults}, make a share of the calls fail, before they do anything or after; {@code stale(..)}, {@code rate(..)} and {@code withoutScopes(..)} are
 * habits of a whole server; {@link io.identitybridge.lab.PortkeyQuirk} lists in what it differs from its own specification.
 * </ul>
 * Where Portkey publishes nothing, the stand-in does what asks most of a caller, and its comments say so. Tests put the extension {@code PortkeyContract} around it (a test class of this package),
 * which holds each question and each answer against Portkey's OpenAPI and fails the test that broke it.
 * {@code src/docs/stand-in-portkey.md} says how it is started and asked by hand.
 */
package io.identitybridge.lab;
