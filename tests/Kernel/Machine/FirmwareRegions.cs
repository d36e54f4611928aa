using Atoll.Firmware;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>Physical memory with tables in it: each view is a fresh copy between poisoned bytes.</summary>
/// <remarks>
/// What lies outside a view is poison, so code that reads there reads what no table holds; a test that runs it twice
/// with
/// different poison sees the difference.
/// </remarks>
internal sealed class FirmwareRegions(byte poison = 0xFF)
{
    private const int SlackBytes = 512;
    private readonly List<(ulong Address, byte[] Bytes)> _regions = [];

    /// <summary>Puts bytes at a physical address.</summary>
    public void Put(ulong address, byte[] bytes) => _regions.Add((address, bytes));

    /// <summary>Every byte that was put, region after region.</summary>
    public IEnumerable<byte[]> Contents => _regions.Select(region => region.Bytes);

    /// <summary>The same regions, copied, with another poison.</summary>
    public FirmwareRegions Copy(byte otherPoison)
    {
        var copy = new FirmwareRegions(otherPoison);
        foreach ((ulong address, byte[] bytes) in _regions)
        {
            copy.Put(address, [.. bytes]);
        }

        return copy;
    }

    /// <summary>The view that kernel code is given.</summary>
    public bool TryView(ulong physical, int length, out ReadOnlySpan<byte> view)
    {
        foreach ((ulong address, byte[] bytes) in _regions)
        {
            if (physical >= address && physical - address <= (ulong)bytes.Length
                && (uint)length <= (ulong)bytes.Length - (physical - address))
            {
                byte[] copy = GC.AllocateUninitializedArray<byte>(length + (2 * SlackBytes));
                Array.Fill(copy, poison);
                bytes.AsSpan((int)(physical - address), length).CopyTo(copy.AsSpan(SlackBytes));
                view = copy.AsSpan(SlackBytes, length);
                return true;
            }
        }

        view = default;
        return false;
    }
}

/// <summary><see cref="FirmwareRegions"/> as kernel code takes it.</summary>
internal readonly struct FirmwareMemory(FirmwareRegions regions) : IFirmwareMemory
{
    /// <inheritdoc/>
    public bool TryView(ulong physical, int length, out ReadOnlySpan<byte> view) =>
        regions.TryView(physical, length, out view);
}
