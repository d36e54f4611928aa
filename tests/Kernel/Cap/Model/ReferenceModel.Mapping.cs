using Atoll.Abi;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <content>What is mapped where.</content>
public sealed partial class ReferenceModel
{
    private const ulong UserStart = 0x1000;
    private const ulong UserEnd = 0x7FFF_FFFF_F000;

    /// <summary>Enters a page table.</summary>
    public SystemResult MapTable(ulong table, ulong space, ulong address, ulong level)
    {
        ModelCapability enters = Held[table];
        ModelSpace into = Held[space].Space!;
        if (level is < 1 or > 3 || address >= UserEnd)
        {
            return SystemResult.ArgumentInvalid;
        }

        if (address % ModelSpace.Span((int)level) != 0)
        {
            return SystemResult.Unaligned;
        }

        if (enters.IsMapped)
        {
            return SystemResult.AlreadyMapped;
        }

        SystemResult way = WayTo(into, address, (int)level + 1);
        if (way != SystemResult.Ok)
        {
            return way;
        }

        if (into.Tables.ContainsKey(((int)level, address)) || (level < 3 && into.Frames.ContainsKey(address)
            && into.Frames[address].Frame.Bytes == ModelSpace.Span((int)level)))
        {
            return SystemResult.AddressTaken;
        }

        enters.Space = into;
        enters.MappedAt = address;
        enters.Level = (int)level;
        into.Tables[((int)level, address)] = enters;
        return SystemResult.Ok;
    }

    /// <summary>Takes a page table out.</summary>
    public SystemResult UnmapTable(ulong table)
    {
        ModelCapability leaves = Held[table];
        if (!leaves.IsMapped)
        {
            return SystemResult.NotMapped;
        }

        Detach(leaves);
        return SystemResult.Ok;
    }

    /// <summary>Maps a frame.</summary>
    public SystemResult MapFrame(ulong frame, ulong space, ulong address, ulong rights)
    {
        ModelCapability mapped = Held[frame];
        ModelSpace into = Held[space].Space!;
        if (rights > 2 || (rights == 2 && mapped.IsDevice))
        {
            return SystemResult.ArgumentInvalid;
        }

        CapabilityRights needed = rights == 1 ? CapabilityRights.Read | CapabilityRights.Write : CapabilityRights.Read;
        if ((mapped.Rights & needed) != needed)
        {
            return SystemResult.RightMissing;
        }

        if (address % mapped.Bytes != 0)
        {
            return SystemResult.Unaligned;
        }

        if (address < UserStart || address >= UserEnd || UserEnd - address < mapped.Bytes)
        {
            return SystemResult.ArgumentInvalid;
        }

        bool isThere = mapped.IsMapped && mapped.Space == into && mapped.MappedAt == address;
        if (mapped.IsMapped && !isThere)
        {
            return SystemResult.AlreadyMapped;
        }

        int level = mapped.SizeBits == 12 ? 1 : mapped.SizeBits == 21 ? 2 : 3;
        SystemResult way = WayTo(into, address, level);
        if (way != SystemResult.Ok)
        {
            return way;
        }

        if (!isThere && (into.Frames.ContainsKey(address) || into.Tables.ContainsKey((level - 1, address))))
        {
            return SystemResult.AddressTaken;
        }

        mapped.Space = into;
        mapped.MappedAt = address;
        string shown = (rights == 1 ? "RW" : rights == 2 ? "RX" : "R") + (mapped.IsDevice ? " uncached" : "");
        into.Frames[address] = (mapped, shown);
        return SystemResult.Ok;
    }

    /// <summary>Takes a frame out.</summary>
    public SystemResult UnmapFrame(ulong frame)
    {
        ModelCapability mapped = Held[frame];
        bool wasMapped = mapped.IsMapped;
        if (wasMapped)
        {
            mapped.Space!.Frames.Remove(mapped.MappedAt);
        }

        mapped.Space = null;
        return wasMapped ? SystemResult.Ok : SystemResult.NotMapped;
    }

    // Every table above a level must be there, and no frame in its place.
    private static SystemResult WayTo(ModelSpace space, ulong address, int level)
    {
        for (int above = 3; above >= level; above--)
        {
            ulong start = address & ~(ModelSpace.Span(above) - 1);
            if (above < 3 && space.Frames.TryGetValue(start, out (ModelCapability Frame, string Rights) there)
                && there.Frame.Bytes == ModelSpace.Span(above))
            {
                return SystemResult.AddressTaken;
            }

            if (!space.Tables.ContainsKey((above, start)))
            {
                return SystemResult.TableMissing;
            }
        }

        return SystemResult.Ok;
    }
}
