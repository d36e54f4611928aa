using System.Runtime.CompilerServices;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Firmware;

/// <summary>The machine's cores: position is the core number, value the APIC id.</summary>
public struct CoreList
{
    private Ids _ids;
    private int _count;
    private int _omitted;
    private uint _highest;

    /// <summary>Cores listed.</summary>
    public readonly int Count => _count;

    /// <summary>Cores that did not fit into <see cref="Limits.InstanceCountMax"/>.</summary>
    public readonly int Omitted => _omitted;

    /// <summary>APIC id of a core.</summary>
    public readonly uint ApicId(int core) => _ids[core];

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _count = 0;
        _omitted = 0;
        _highest = 0;
    }

    /// <summary>Keeps at most the first <paramref name="count"/>.</summary>
    public void Truncate(int count) => _count = count < _count ? count : _count;

    /// <summary>Adds a core, unless it is listed already; counts it as omitted when the list is full.</summary>
    public bool TryAdd(uint apicId)
    {
        // Firmware lists cores in rising order nearly always: then none has to be compared with all before it.
        for (int i = 0; i < _count && apicId <= _highest; i++)
        {
            if (_ids[i] == apicId)
            {
                return false;
            }
        }

        if (_count == Limits.InstanceCountMax)
        {
            _omitted++;
            return false;
        }

        _ids[_count++] = apicId;
        _highest = apicId > _highest ? apicId : _highest;
        return true;
    }

    [InlineArray(Limits.InstanceCountMax)]
    private struct Ids
    {
        private uint _id0;
    }
}
