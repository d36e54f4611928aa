namespace Atoll.Vm.Tests.Machine;

/// <summary>A shell script in QEMU's place: what the harness sees of a guest is a stream and an exit code.</summary>
internal sealed class FakeEmulator : IDisposable
{
    private readonly string _path = System.IO.Path.GetTempFileName();

    public FakeEmulator(string script)
    {
        File.WriteAllText(_path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Path => _path;

    public void Dispose() => File.Delete(_path);
}
