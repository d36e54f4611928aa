using System.Text;
using Atoll.Cli.Running;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Tests.Running;

/// <summary>What is typed reaches the guest, when it can hear; and the end comes as it was asked for. The guest is a shell script in place of QEMU.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class GuestTypingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atoll-typing-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PipedInputWaitsForTheGuestAndEndsWithControlD()
    {
        // Ends as a guest that passed does: 0x21.
        (VmOutcome outcome, bool isAsked) = Run("sleep 0.3; echo ready; head -c 6 | od -An -tx1; exit 33", "help\n", duration: null);

        Assert.Equal(["ready", " 68 65 6c 70 0a 04"], outcome.Lines);
        Assert.Equal((VmExit.Passed, true), (outcome.Exit, isAsked));
    }

    [Fact]
    public void EscapeEndsTheMachine()
    {
        (VmOutcome outcome, bool isAsked) = Run("echo ready; cat", "ab\x01xcd", duration: null);

        Assert.Equal((VmExit.Stopped, true), (outcome.Exit, isAsked));
    }

    [Fact]
    public void TimeEndsTheMachine()
    {
        (VmOutcome outcome, bool isAsked) = Run("echo ready; cat", "", TimeSpan.FromSeconds(0.5));

        Assert.Equal((VmExit.Stopped, true), (outcome.Exit, isAsked));
        Assert.Equal(["ready"], outcome.Lines);
    }

    [Fact]
    public void GuestEndsByItself()
    {
        // A terminal that nobody types at.
        using var silence = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);

        (VmOutcome outcome, bool isAsked) = Run("exit 35", silence, isTerminal: true, duration: null);

        Assert.Equal((VmExit.Failed, false), (outcome.Exit, isAsked));
    }

    private (VmOutcome Outcome, bool IsAsked) Run(string script, string typed, TimeSpan? duration) =>
        Run(script, new MemoryStream(Encoding.ASCII.GetBytes(typed)), isTerminal: false, duration);

    private (VmOutcome Outcome, bool IsAsked) Run(string script, Stream input, bool isTerminal, TimeSpan? duration)
    {
        string emulator = Path.Combine(_folder, "emulator");
        File.WriteAllText(emulator, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(emulator, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using ManualResetEventSlim isSpeaking = new();
        VmSettings settings = new() { ImagePath = "none.elf", Emulator = emulator };
        using VmMachine machine = VmMachine.StartRaw(settings, _ => isSpeaking.Set());
        using GuestTyping typing = new(machine, input, isTerminal, isSpeaking, duration);
        bool isAsked = typing.WaitForEnd();
        return (machine.WaitForEnd(), isAsked);
    }
}
