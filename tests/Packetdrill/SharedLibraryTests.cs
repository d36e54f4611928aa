using System.Diagnostics;
using System.Runtime.InteropServices;
using Atoll.Packetdrill.Machine;
using Atoll.Packetdrill.Scripting;

namespace Atoll.Packetdrill.Tests;

/// <summary>The shared library that packetdrill loads, made by NativeAOT: the same scripts, through its table.</summary>
public sealed class SharedLibraryTests(SharedLibrary library) : IClassFixture<SharedLibrary>
{
    [Fact]
    public void EveryScript_HoldsThroughTheTable()
    {
        foreach (string name in ScriptFolder.Names)
        {
            using var stack = new NativeStack(library.Handle);
            string? failure = new ScriptRunner(ScriptFolder.Read(name), stack).Run();
            Assert.True(failure is null, failure);
        }
    }

    // packetdrill.h: userdata and 32 functions.
    [Fact]
    public unsafe void Table_HasTheSizeOfTheHeader_AndNoHole()
    {
        Assert.Equal(33 * sizeof(nint), sizeof(PacketdrillTable));
        var begin = (delegate* unmanaged<byte*, PacketdrillTable*, void>)NativeLibrary.GetExport(library.Handle,
            "packetdrill_interface_init");
        PacketdrillTable table = default;
        begin(null, &table);
        nint* entries = (nint*)&table;
        for (int entry = 0; entry < 33; entry++)
        {
            Assert.True(entries[entry] != 0, $"entry {entry} of the table is empty");
        }

        table.Free(table.UserData);
    }
}

/// <summary>Builds the library and loads it.</summary>
public sealed class SharedLibrary : IDisposable
{
    public SharedLibrary()
    {
        string folder = ScriptFolder.In("artifacts", "packetdrill");
        ProcessStartInfo start = new("dotnet",
        [
            "publish", ScriptFolder.In("tests", "Packetdrill", "Library", "Packetdrill.Library.csproj"),
            "-c", "Release", "-o", folder, "-m:2", "-nodeReuse:false", "-v:quiet", "-nologo",
        ])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Handle = NativeLibrary.Load(Path.Combine(folder, "Atoll.Packetdrill.so"));
    }

    public nint Handle { get; }

    // A library made by NativeAOT cannot be unloaded.
    public void Dispose()
    {
    }
}
