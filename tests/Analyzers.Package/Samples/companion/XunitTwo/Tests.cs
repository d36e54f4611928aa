using Xunit;

public class Tests
{
    private readonly Code _code = new();

    [Fact] public void Quiet() { for (int i = 0; i < 5; i++) { _code.Quiet(i); } }

    [Fact] public void Cached() { for (int i = 0; i < 5; i++) { _code.Cached(); } }

    [Fact] public void Tried() { for (int i = 0; i < 5; i++) { _code.Tried(i); } }

    [Fact] public void Loud() { for (int i = 0; i < 5; i++) { _code.Loud(); } }

    [Fact] public void Hidden() { for (int i = 0; i < 5; i++) { _code.Hidden(); } }

    [Fact] public void Outer() { for (int i = 0; i < 5; i++) { _code.Outer(); } }

    [Fact] public void Share() { try { _code.Share(1, 0); } catch (DivideByZeroException) { } }

    [Fact] public void Depth() => _code.Depth(() => _code.Depth(() => 1));

    [Fact] public void Again() { for (int i = 0; i < 12; i++) { _code.Again(); } }

    [Fact] public void Room() { for (int i = 0; i < 20; i++) { _code.Room(i); } }

    [Fact] public void ThroughAllowed() { for (int i = 0; i < 5; i++) { _code.ThroughAllowed(); } }

    [Fact] public void Locked() => WhileHeld(_code.Locked);

    [Fact] public void Waits() => WhileHeld(_code.Waits);

    private void WhileHeld(Action action)
    {
        using var held = new ManualResetEventSlim();
        var other = new Thread(() => { lock (_code.Gate) { held.Set(); Thread.Sleep(300); } });
        other.Start();
        held.Wait();
        try { action(); } finally { other.Join(); }
    }
}
