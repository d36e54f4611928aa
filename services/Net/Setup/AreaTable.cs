using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Net;

/// <summary>Areas that the stack has in common with clients.</summary>
public struct AreaTable
{
    /// <summary>Most areas.</summary>
    public const int Most = 8;

    private Areas _areas;

    /// <summary>An area; empty: the system does not give it.</summary>
    public readonly MemoryRegion At(int index) => _areas[index];

    /// <summary>Sets an area.</summary>
    public void Set(int index, MemoryRegion area) => _areas[index] = area;

    /// <summary>All that the system gives.</summary>
    public static AreaTable Of(in ProgramStart start)
    {
        AreaTable table = default;
        table.Set(0, start.Region("area-1"u8));
        table.Set(1, start.Region("area-2"u8));
        table.Set(2, start.Region("area-3"u8));
        table.Set(3, start.Region("area-4"u8));
        table.Set(4, start.Region("area-5"u8));
        table.Set(5, start.Region("area-6"u8));
        table.Set(6, start.Region("area-7"u8));
        table.Set(7, start.Region("area-8"u8));
        return table;
    }

    [InlineArray(Most)]
    private struct Areas
    {
        private MemoryRegion _area0;
    }
}
