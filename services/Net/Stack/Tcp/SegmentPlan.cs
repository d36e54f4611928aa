namespace Atoll.Services.Net.Stack;

/// <summary>The segment that a connection sends next: decided before anything changes.</summary>
internal struct SegmentPlan
{
    public uint Sequence;
    public int PayloadBytes;
    public TcpFlags Flags;

    public readonly bool Has(TcpFlags flag) => (Flags & flag) != 0;

    /// <summary>The number behind it.</summary>
    public readonly uint End =>
        Sequence + (uint)PayloadBytes + (Has(TcpFlags.Syn) ? 1u : 0) + (Has(TcpFlags.Fin) ? 1u : 0);
}
