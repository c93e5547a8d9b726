"""What work will take, in bytes and seconds, told by what is stored and by what took how long lately."""
