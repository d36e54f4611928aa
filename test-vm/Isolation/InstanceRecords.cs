namespace Atoll.TestVm.Isolation;

/// <summary>Where an instance's kernel keeps its records of address spaces and of capabilities that cross to other cores.</summary>
/// <remarks>
/// Found in the state page by what docs/remote-capabilities.md says of their sizes ("Records"), so that the offsets of the kernel's state need not be known here. A kernel that says
/// something else of itself is not believed: what its programs have beyond their grant is then a breach.
/// </remarks>
/// <param name="Spaces">Physical address of the records of address spaces; 0: not found.</param>
/// <param name="SpacesUsed">Records of them that were ever used.</param>
/// <param name="Exports">Physical address of the records of what others hold; 0: not found.</param>
/// <param name="ExportsUsed">Records of them that were ever used.</param>
/// <param name="Imports">Physical address of the records of what is held of others.</param>
/// <param name="ImportsUsed">Records of them that were ever used.</param>
public sealed record InstanceRecords(ulong Spaces, uint SpacesUsed, ulong Exports, uint ExportsUsed, ulong Imports, uint ImportsUsed)
{
    // docs/remote-capabilities.md, "Records".
    private const ulong BytesPerChannel = 64 * 1024;
    private const ulong ChannelsMax = 4096;
    private const ulong ExportsPerChannel = 4;
    private const ulong ImportsPerChannel = 8;
    private const ulong CrossingBytes = 128;
    private const ulong SpaceCapacity = 192;
    private const ulong SpaceOffset = 0x400;
    private const ulong SpaceBytes = 16;

    private const ulong PageBytes = 4096;
    private const ulong Low = uint.MaxValue;

    private static readonly InstanceRecords s_none = new(0, 0, 0, 0, 0, 0);

    /// <summary>Finds them.</summary>
    public static InstanceRecords Find(PhysicalMemory memory, AddressSpace space, GrantRange grant)
    {
        if (grant.MappedBytes == 0 || space.At(InstanceWindow.StatePage) is not { } state || !memory.HasPage(state.Physical))
        {
            return s_none;
        }

        ulong[] words = [.. Enumerable.Range(0, (int)(PageBytes / 8)).Select(index => memory.Word(state.Physical + ((ulong)index * 8)))];
        ulong channels = ulong.Min((grant.End - grant.Base) / BytesPerChannel, ChannelsMax);
        InstanceRecords found = s_none;
        for (int at = 0; at + 2 < words.Length; at++)
        {
            if (!grant.Owns(words[at] - InstanceWindow.ObjectsBase))
            {
                continue;
            }

            if ((words[at] & (PageBytes - 1)) == SpaceOffset && (words[at + 1] & Low) == SpaceCapacity)
            {
                found = found with { Spaces = words[at] - InstanceWindow.ObjectsBase, SpacesUsed = (uint)(words[at + 1] >> 32) };
            }

            ulong imports = words[at] + (channels * ExportsPerChannel * CrossingBytes);
            int other = (words[at + 1] & Low) == channels * ExportsPerChannel ? Array.IndexOf(words, imports, at) : -1;
            if (other >= 0 && other + 2 < words.Length && (words[other + 1] & Low) == channels * ImportsPerChannel)
            {
                found = found with
                {
                    Exports = words[at] - InstanceWindow.ObjectsBase,
                    ExportsUsed = (uint)ulong.Min(words[at + 2] & Low, channels * ExportsPerChannel),
                    Imports = imports - InstanceWindow.ObjectsBase,
                    ImportsUsed = (uint)ulong.Min(words[other + 2] & Low, channels * ImportsPerChannel),
                };
            }
        }

        return found;
    }

    /// <summary>Roots of the address spaces that there are; null when the records were not found.</summary>
    public IReadOnlySet<ulong>? Roots(PhysicalMemory memory) => Spaces == 0
        ? null
        : Enumerable.Range(0, (int)ulong.Min(SpacesUsed, SpaceCapacity))
            .Select(index => memory.Word(Spaces + ((ulong)index * SpaceBytes) + 8))
            .Where(table => table >= InstanceWindow.ObjectsBase)
            .Select(table => table - InstanceWindow.ObjectsBase)
            .ToHashSet();

    /// <summary>What others hold of this instance.</summary>
    public IEnumerable<CrossingRecord> ReadExports(PhysicalMemory memory) => Read(memory, Exports, ExportsUsed);

    /// <summary>What this instance holds of others.</summary>
    public IEnumerable<CrossingRecord> ReadImports(PhysicalMemory memory) => Read(memory, Imports, ImportsUsed);

    private static IEnumerable<CrossingRecord> Read(PhysicalMemory memory, ulong table, uint used) => table == 0
        ? []
        : Enumerable.Range(0, (int)used)
            .Select(number => CrossingRecord.Read(memory, number, table + ((ulong)number * CrossingBytes)))
            .Where(record => record.State != CrossingRecord.Free);
}
