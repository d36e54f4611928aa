namespace Atoll.Services.Lib;

/// <summary>Where the program's window is.</summary>
internal static class OwnWindow
{
    /// <summary>The memory at an address of the window.</summary>
    internal static ulong Of(ulong address) => address;
}
