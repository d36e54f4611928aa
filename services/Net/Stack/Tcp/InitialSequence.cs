namespace Atoll.Services.Net.Stack;

/// <summary>
/// Initial sequence numbers: a clock of 4 microseconds and a keyed hash of the flow. Source: RFC 6528, "Proposed
/// Initial Sequence Number Generation Algorithm".
/// </summary>
internal static class InitialSequence
{
    public static uint Choose(in NetStack stack, in Flow flow) =>
        (uint)(stack.Now / 4) + (uint)stack.State.Random.Of(flow, Purpose.InitialSequence);

    /// <summary>Starting point of the time stamps of a flow: the same for the same flow, so that PAWS works over reuse.</summary>
    public static uint TimestampOffset(in NetStack stack, in Flow flow) => (uint)stack.State.Random.Of(flow, Purpose.TimestampOffset);
}
