namespace Atoll.TestVm.Isolation;

/// <summary>The memory that an instance has for programs, as its own tables show it.</summary>
/// <param name="Base">First physical address.</param>
/// <param name="End">One past the last.</param>
/// <param name="MappedBytes">Bytes of it that are mapped.</param>
public sealed record GrantRange(ulong Base, ulong End, ulong MappedBytes)
{
    /// <summary>Reads the window on the grant.</summary>
    public static GrantRange Of(AddressSpace space)
    {
        Mapping[] pages = [.. space.Mappings.Where(page => page.Virtual is >= InstanceWindow.ObjectsBase and < InstanceWindow.ObjectsEnd)];
        return pages.Length == 0
            ? new GrantRange(0, 0, 0)
            : new GrantRange(
                pages.Min(page => page.Physical),
                pages.Max(page => page.Physical + page.SizeBytes),
                pages.Aggregate(0UL, (sum, page) => sum + page.SizeBytes));
    }

    /// <summary>Whether a physical address lies in it.</summary>
    public bool Owns(ulong physical) => physical >= Base && physical < End;

    /// <inheritdoc/>
    public override string ToString() => $"0x{Base:x}–0x{End:x}";
}
