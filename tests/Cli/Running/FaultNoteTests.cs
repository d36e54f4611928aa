using Atoll.Cli.Running;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Tests.Running;

/// <summary>A program's fault is told with the method, file and line that its map knows.</summary>
public sealed class FaultNoteTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atoll-fault-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PlaceIsNamed()
    {
        // The form of the linker's map (docs/image.md).
        File.WriteAllText(
            Path.Combine(_folder, "crash.map"),
            "0000000000400010 0000000000000020 text Atoll.Services.Crash.CrashProgram.Divide\n0000000000400010 /_/services/Crash/CrashProgram.cs:31\n");

        Assert.Equal(
            "program 'second' stopped: page-fault at 0x400018 Atoll.Services.Crash.CrashProgram.Divide+0x8 (/_/services/Crash/CrashProgram.cs:31), address 0x8",
            Note("@fault program=second image=crash kind=page-fault rip=0x400018 address=0x8"));
    }

    [Fact]
    public void ProgramWithoutAMapIsNamedByItsAddress() =>
        Assert.Equal("program 'a' on core 2 stopped: divide at 0x400018", Note("@fault program=a core=2 image=absent kind=divide rip=0x400018"));

    [Fact]
    public void GuestCannotNameAFileElsewhere() =>
        Assert.Equal("program 'a' stopped: divide at 0x1", Note("@fault program=a image=../../etc/passwd kind=divide rip=0x1"));

    private string Note(string line)
    {
        Assert.True(SerialRecord.TryParse(line, out SerialRecord? record));
        return new FaultNote(_folder).Of(record);
    }
}
