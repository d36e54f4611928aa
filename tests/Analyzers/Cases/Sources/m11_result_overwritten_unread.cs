// The first answer was overwritten before anybody read it.
[MustUse]
enum Answer
{
    Ok,
    Bad,
}

static class Probe
{
    static Answer Ask(int question) => question == 0 ? Answer.Ok : Answer.Bad;

    static bool Both()
    {
        Answer answer = {|ATL0801:Ask(0)|};
        answer = Ask(1);
        return answer == Answer.Ok;
    }
}
